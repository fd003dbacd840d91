import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { officer } from "../testing/samples";
import { Header } from "./Header";

it("says who is signed in and where one is", async () => {
  const page = await mount(<Header user={officer} demo={false} onSignOut={() => {}} />);
  expect(page.text).toContain("Wang MinCustomer manager");
  expect(page.find("[aria-current=page]").textContent).toBe("Interviews");
  expect(page.text).not.toContain("Demo");
});

it("leads administrators to the users, and labels a demonstration", async () => {
  const page = await mount(<Header user={{ ...officer, role: "admin" }} demo onSignOut={() => {}} />);
  expect(page.button("Users").getAttribute("href")).toBe("#/users");
  expect(page.text).toContain("Demo");
});
