import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { assessment, challenge, sealed } from "../testing/samples";
import { SidePanel } from "./SidePanel";

const none = { value: null, failure: null, loading: false, reload: () => {} };

const panel = (part = {}) => (
  <SidePanel
    detail={{ ...sealed, ...part }}
    assessment={assessment({ t: 10.5 })}
    questions={none}
    isLast
    onJump={() => {}}
    onSeek={() => {}}
  />
);

it("says which moment's assessment it shows", async () => {
  expect((await mountInConsole(panel())).text).toContain("Assessment at 0:10.5 · last");
});

it("offers the re-run only where it is allowed, the report always", async () => {
  const page = await mountInConsole(panel());
  await page.press("Record");
  expect(page.text).toContain("Re-run the analysis");
  expect(page.button("Report").getAttribute("href")).toBe("/api/sessions/s1/report.html?language=en");
  const other = await mountInConsole(panel({ allowed: [] }));
  await other.press("Record");
  expect(other.text).not.toContain("Re-run the analysis");
});

it("says where an interview has no questions", async () => {
  const page = await mountInConsole(panel());
  await page.press("Questions");
  expect(page.text).toContain("This interview has no questions.");
});

it("shows the audit log", async () => {
  const service = new FakeService().answers("GET /api/sessions/s1/audit", []);
  const page = await mountInConsole(panel(), service);
  await page.press("Audit");
  expect(page.text).toContain("No entries.");
});

it("leads from a challenge to its moment", async () => {
  const stored = challenge({ state: "done", started_s: 60, ended_s: 75 });
  const service = new FakeService().answers("GET /api/sessions/s1/challenges", [stored]);
  const sought: number[] = [];
  const page = await mountInConsole(
    <SidePanel
      detail={sealed}
      assessment={null}
      questions={none}
      isLast
      onJump={() => {}}
      onSeek={(t) => sought.push(t)}
    />,
    service,
  );
  await page.press("Challenges");
  await page.press("Go to the evidence at 1:00–1:15");
  expect(sought).toEqual([60]);
});
