import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Button, LinkButton } from "./Button";

it("is pressed once, and not while it is busy", async () => {
  let presses = 0;
  const count = () => {
    presses += 1;
  };
  const idle = await mount(<Button onClick={count}>Go</Button>);
  await idle.press("Go");
  const busy = await mount(
    <Button busy onClick={count}>
      Wait
    </Button>,
  );
  await busy.press("Wait");
  expect(presses).toBe(1);
  expect(busy.button("Wait").getAttribute("aria-busy")).toBe("true");
});

it("submits only where it is told to", async () => {
  const page = await mount(
    <>
      <Button>A</Button>
      <Button submit>B</Button>
    </>,
  );
  expect([page.button("A").getAttribute("type"), page.button("B").getAttribute("type")]).toEqual([
    "button",
    "submit",
  ]);
});

it("opens another tab without giving it a hold on this one", async () => {
  const page = await mount(
    <LinkButton href="/report" newTab>
      Report
    </LinkButton>,
  );
  expect(page.button("Report").getAttribute("rel")).toBe("noopener");
});
