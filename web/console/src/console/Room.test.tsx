import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { assessment, detail, sealed } from "../testing/samples";
import type { SessionDetail } from "../types";
import type { Followed } from "./followSession";
import { Room } from "./Room";

function followed(part: Partial<Followed> = {}): Followed {
  return {
    detail,
    assessments: [assessment()],
    challenges: [],
    movements: [],
    questions: null,
    latest: new Map(),
    speech: null,
    call: null,
    lost: false,
    failure: null,
    missed: null,
    catchUp: () => {},
    reload: () => {},
    replace: () => {},
    replaceChallenge: () => {},
    replaceQuestions: () => {},
    ...part,
  };
}

it("ends the interview only after asking", async () => {
  const service = new FakeService().answers("POST /api/sessions/s1/end", sealed);
  const replaced: SessionDetail[] = [];
  const session = followed({ replace: (one) => replaced.push(one) });
  const page = await mountInConsole(<Room session={session} detail={detail} />, service);
  await page.press("End interview");
  expect(service.asked).toEqual([]);
  await page.press("End and seal");
  expect(replaced).toEqual([sealed]);
});

it("keeps the dialog when the service refuses", async () => {
  const service = new FakeService().refuses("POST /api/sessions/s1/end", "busy", 409);
  const page = await mountInConsole(<Room session={followed()} detail={detail} />, service);
  await page.press("End interview");
  await page.press("End and seal");
  expect(page.find("dialog").textContent).toContain("busy in English");
});

it("says that frames are missing because the analysis is busy, not the applicant's network", async () => {
  const absent = [
    { kind: "rppg", reason: "low_frame_rate" as const, detail: "", statistic: null, observations: 0 },
  ];
  const link = { connected: true, kbps: 1700, fps: 26, loss: 0 };
  const told = async (level: number) => {
    const call = {
      applicant: link,
      officer: link,
      analysis: { state: "running" as const, level, lag_s: 0.3 },
    };
    const session = followed({ assessments: [assessment({ absent })], call });
    return (await mountInConsole(<Room session={session} detail={detail} />)).text;
  };
  expect(await told(2)).toContain("Our analysis is busy and takes in fewer frames");
  expect(await told(0)).toContain("Ask the applicant to move to a better network.");
});

it("shows the assessment to those who only watch, and says so", async () => {
  const page = await mountInConsole(<Room session={followed()} detail={{ ...detail, allowed: [] }} />);
  expect(page.text).toContain("3.7%");
  expect(page.text).toContain("Only the customer manager takes part in the call.");
  expect(page.text).not.toContain("End interview");
});
