import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { detail } from "../testing/samples";
import type { SessionDetail } from "../types";
import { Invitation } from "./Invitation";

it("shows the link to copy and to scan", async () => {
  const page = await mountInConsole(<Invitation detail={detail} onChange={() => {}} />);
  expect(page.find<HTMLInputElement>("input").value).toBe("https://bank.example/join/abc");
  expect(page.find("img").getAttribute("src")).toContain("/api/sessions/s1/join-qr.svg");
});

it("replaces a link that is gone", async () => {
  const fresh = { join_url: "https://bank.example/join/new", expires_at: "2026-11-26T08:00:00Z" };
  const service = new FakeService().answers("POST /api/sessions/s1/join-link", fresh);
  const changes: SessionDetail[] = [];
  const gone = { ...detail, join_url: null };
  const page = await mountInConsole(
    <Invitation detail={gone} onChange={(one) => changes.push(one)} />,
    service,
  );
  expect(page.text).toContain("A new one replaces it.");
  await page.press("New link");
  expect(changes[0]).toMatchObject({
    join_url: fresh.join_url,
    join_expires_at: fresh.expires_at,
    link_opened: false,
  });
});

it("says why there is no new link", async () => {
  const service = new FakeService().refuses("POST /api/sessions/s1/join-link", "too_many", 429);
  const page = await mountInConsole(<Invitation detail={detail} onChange={() => {}} />, service);
  await page.press("New link");
  expect(page.text).toContain("too_many in English");
});
