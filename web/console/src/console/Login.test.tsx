import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mount } from "../testing/mount";
import { config, officer } from "../testing/samples";
import type { User } from "../types";
import { Login } from "./Login";

it("hands over who signed in", async () => {
  const service = new FakeService().answers("POST /api/auth/login", { user: officer });
  const signedIn: User[] = [];
  const page = await mount(
    <Login api={service.api()} config={config} onSignedIn={(user) => signedIn.push(user)} />,
  );
  await page.type("[name=username]", "wang");
  await page.type("[name=password]", "secret");
  await page.submit();
  expect(service.sentTo("POST /api/auth/login")).toEqual([{ username: "wang", password: "secret" }]);
  expect(signedIn).toEqual([officer]);
});

it("shows the service's sentence and keeps what was typed", async () => {
  const service = new FakeService().refuses("POST /api/auth/login", "wrong", 401);
  const page = await mount(<Login api={service.api()} config={config} onSignedIn={() => {}} />);
  await page.type("[name=username]", "wang");
  await page.submit();
  expect(page.find("[role=alert]").textContent).toBe("wrong in English");
  expect(page.find<HTMLInputElement>("[name=username]").value).toBe("wang");
});

it("keeps the page beneath out of reach when it is asked for again", async () => {
  const service = new FakeService();
  const page = await mount(<Login api={service.api()} config={config} again onSignedIn={() => {}} />);
  const dialog = page.find<HTMLDialogElement>("dialog");
  await page.fire(dialog, "cancel");
  expect([dialog.open, dialog.getAttribute("aria-label")]).toEqual([true, "Sign in"]);
});
