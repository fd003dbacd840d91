import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { assessment, sealed } from "../testing/samples";
import { SidePanel } from "./SidePanel";

const panel = (part = {}) => (
  <SidePanel detail={{ ...sealed, ...part }} assessment={assessment({ t: 10.5 })} isLast onJump={() => {}} />
);

it("says which moment's assessment it shows", async () => {
  expect((await mountInConsole(panel())).text).toContain("Assessment at 0:10.5 · last");
});

it("offers the re-run only where it is allowed, the report always", async () => {
  const page = await mountInConsole(panel());
  await page.press("Record");
  expect(page.text).toContain("Re-run the analysis");
  expect(page.button("Report").getAttribute("href")).toBe("/api/sessions/s1/report.html");
  const other = await mountInConsole(panel({ allowed: [] }));
  await other.press("Record");
  expect(other.text).not.toContain("Re-run the analysis");
});

it("shows the audit log", async () => {
  const service = new FakeService().answers("GET /api/sessions/s1/audit", []);
  const page = await mountInConsole(panel(), service);
  await page.press("Audit");
  expect(page.text).toContain("No entries.");
});
