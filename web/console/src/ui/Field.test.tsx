import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Field } from "./Field";

it("ties the input to its label, hint and error", async () => {
  const page = await mount(
    <Field label="Name" hint="As on the ID" error="Missing">
      <input />
    </Field>,
  );
  const input = page.find("input");
  const described = (input.getAttribute("aria-describedby") ?? "").split(" ");
  expect(page.find("label").getAttribute("for")).toBe(input.id);
  expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
    "As on the ID",
    "Missing",
  ]);
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(page.find("[role=alert]").textContent).toBe("Missing");
});

it("describes nothing where there is nothing to say", async () => {
  const page = await mount(
    <Field label="Name">
      <input />
    </Field>,
  );
  expect(page.find("input").hasAttribute("aria-describedby")).toBe(false);
});
