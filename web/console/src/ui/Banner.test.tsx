import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Banner } from "./Banner";

it.each([
  ["danger", "alert"],
  ["caution", "status"],
] as const)("announces %s as %s", async (tone, role) => {
  const page = await mount(<Banner tone={tone}>It happened.</Banner>);
  expect(page.find(`[role=${role}]`).textContent).toBe("It happened.");
});

it("offers the way out", async () => {
  const page = await mount(
    <Banner tone="danger" action={<button type="button">Retry</button>}>
      Down.
    </Banner>,
  );
  expect(page.button("Retry").textContent).toBe("Retry");
});
