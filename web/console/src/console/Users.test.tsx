import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { officer } from "../testing/samples";
import { Users } from "./Users";

const other = { ...officer, id: "u2", username: "zhao", display_name: "Zhao Li" };
const service = () => new FakeService().answers("GET /api/users", { items: [officer, other] });

it("disables others, never oneself", async () => {
  const from = service().answers("PATCH /api/users/u2", { ...other, active: false });
  const page = await mountInConsole(<Users />, from);
  expect(page.button("Disable Wang Min").hasAttribute("disabled")).toBe(true);
  await page.press("Disable Zhao Li");
  expect(from.sentTo("PATCH /api/users/u2")).toEqual([{ active: false }]);
});

it("adds a user, and says what is missing or refused", async () => {
  const from = service().refuses("POST /api/users", "name_taken", 409);
  const page = await mountInConsole(<Users />, from);
  await page.press("Add a user");
  const submit = page.find("dialog button:last-child");
  await page.fire(submit, "click");
  expect(page.text).toContain("Fill in user name, display name and password.");
  await page.type("dialog div:nth-child(1) > input", "zhao");
  await page.type("dialog div:nth-child(2) > input", "Zhao Li");
  await page.type("dialog [type=password]", "long enough password");
  await page.fire(submit, "click");
  expect(page.text).toContain("name_taken in English");
  expect(from.sentTo("POST /api/users")).toEqual([
    { username: "zhao", display_name: "Zhao Li", role: "officer", password: "long enough password" },
  ]);
});
