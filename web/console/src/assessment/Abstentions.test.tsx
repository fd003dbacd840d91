import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { Abstentions } from "./Abstentions";

it("says why and, during the call, what to ask for", async () => {
  const { absent, codes } = assessment();
  const live = await mount(<Abstentions absent={absent} codes={codes} advise />);
  expect(live.text).toContain("Voice against referenceNobody is speakingN303Ask an open question.");
  const later = await mount(<Abstentions absent={absent} codes={codes} advise={false} />);
  expect(later.text).not.toContain("Ask an open question.");
});

it("shows what was measured but is not calibrated", async () => {
  const absent = [
    { kind: "face_pad", reason: "not_calibrated" as const, detail: "", statistic: -1.5, observations: 3 },
  ];
  expect((await mount(<Abstentions absent={absent} codes={[]} advise />)).text).toContain("raw −1.50");
});

it("does not send the applicant to another network where our own analysis leaves out frames", async () => {
  const absent = [
    { kind: "rppg", reason: "low_frame_rate" as const, detail: "", statistic: null, observations: 0 },
  ];
  const theirs = await mount(<Abstentions absent={absent} codes={[]} advise />);
  expect(theirs.text).toContain("Ask the applicant to move to a better network.");
  const ours = await mount(<Abstentions absent={absent} codes={[]} advise thinned />);
  expect(ours.text).not.toContain("network");
  expect(ours.text).toContain("the applicant cannot change that");
});

it("says so when nothing is missing", async () => {
  expect((await mount(<Abstentions absent={[]} codes={[]} advise />)).text).toContain(
    "Every signal was measured.",
  );
});
