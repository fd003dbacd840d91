import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { route } from "../route";
import { FakeService } from "../testing/FakeService";
import { FakeStreams } from "../testing/FakeStreams";
import { mount, settle } from "../testing/mount";
import { config, officer, summary } from "../testing/samples";
import { App } from "./App";

const service = () =>
  new FakeService()
    .answers("GET /api/config", config)
    .answers("GET /api/auth/me", { user: officer })
    .answers("POST /api/auth/login", { user: officer })
    .answers("POST /api/auth/logout", undefined, 204)
    .answers("GET /api/sessions?page=1", { items: [summary], total: 1, page: 1, page_size: 20 });

function start(from: FakeService, hasSession: boolean) {
  const signedOut = signal(false);
  const { openStream } = new FakeStreams();
  const app = <App api={from.api()} signedOut={signedOut} openStream={openStream} hasSession={hasSession} />;
  return { signedOut, page: mount(app) };
}

it("goes from signing in to the list and back", async () => {
  const from = service();
  const page = await start(from, false).page;
  expect(from.sentTo("GET /api/auth/me")).toEqual([]);
  await page.type("[name=username]", "wang");
  await page.type("[name=password]", "secret");
  await page.submit();
  expect(page.text).toContain("Li Jianguo");
  await page.press("Sign out");
  expect(page.has("[name=password]")).toBe(true);
});

it("goes on where somebody is signed in already", async () => {
  const page = await start(service(), true).page;
  expect(page.text).toContain("Li Jianguo");
});

it("shows the list at an address that is not for this role", async () => {
  const page = await start(service(), true).page;
  route.value = { page: "users" };
  await settle();
  expect(page.has("table")).toBe(true);
  route.value = { page: "new" };
  await settle();
  expect(page.has("table")).toBe(false);
  const reviewer = { ...officer, role: "compliance" as const };
  const other = await start(service().answers("GET /api/auth/me", { user: reviewer }), true).page;
  await settle();
  expect(other.has("table")).toBe(true);
});

it("asks to sign in again over the page, which keeps its content", async () => {
  const { signedOut, page: starting } = start(service(), true);
  const page = await starting;
  signedOut.value = true;
  await settle();
  expect(page.text).toContain("You were signed out.");
  expect(page.text).toContain("Li Jianguo");
  await page.type("[name=username]", "wang");
  await page.type("[name=password]", "secret");
  await page.submit();
  expect(page.text).not.toContain("You were signed out.");
});

it("says that the service is away, and tries again", async () => {
  const from = new FakeService();
  const page = await start(from, false).page;
  expect(page.text).toContain("The service cannot be reached.");
  from.answers("GET /api/config", config);
  await page.press("Try again");
  expect(page.has("[name=password]")).toBe(true);
});
