import { expect, it } from "vitest";
import { FakeService } from "../../testing/FakeService";
import type { PageReport } from "../../types";
import { PageReports } from "./reports";

const PAGE = "POST /api/join/tok/page";
const hidden = (is: boolean): PageReport => ({ event: "visibility", hidden: is });
const bodies = (service: FakeService) =>
  (service.sentTo(PAGE) as { reports: PageReport[] }[]).map((one) => one.reports);

it("sends what there is, and what came meanwhile", async () => {
  const service = new FakeService().answers(PAGE, null, 204);
  const reports = new PageReports(service.joinApi());
  await Promise.all([reports.add(hidden(true)), reports.add(hidden(false)), reports.add(hidden(true))]);
  expect(bodies(service)).toEqual([[hidden(true)], [hidden(false), hidden(true)]]);
});

it("sends again with the next what did not arrive, the newest sixteen", async () => {
  const service = new FakeService().refuses(PAGE, "busy", 503);
  const reports = new PageReports(service.joinApi());
  for (let one = 0; one < 20; one += 1)
    await reports.add({ event: "devices", video_inputs: one, labels_changed: false });
  service.answers(PAGE, null, 204);
  await reports.add(hidden(true));
  const last = bodies(service).at(-1) ?? [];
  expect([last.length, last.at(-1)]).toEqual([16, hidden(true)]);
  expect(last[0]).toMatchObject({ video_inputs: 5 });
});

it("does not press a report on a service that refuses it", async () => {
  const service = new FakeService().refuses(PAGE, "unprocessable", 422);
  const reports = new PageReports(service.joinApi());
  await reports.add(hidden(true));
  service.answers(PAGE, null, 204);
  await reports.add(hidden(false));
  expect(bodies(service)).toEqual([[hidden(true)], [hidden(false)]]);
});
