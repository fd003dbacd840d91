import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { type Language, language } from "../i18n";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { AssessmentPanel } from "./AssessmentPanel";

it("shows the number with what supports it", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment()} live />);
  for (const part of [
    "3.7%",
    "90% interval 1.1–9.8%",
    "Check further",
    "Coverage50%",
    "Most probable kind: Another person, 62% if it is fraud",
    "Evidence over time: undecided",
    "Next best check",
    "R101The face does not look like the person on the ID photo",
    "Nobody is speaking",
    "Calibration fit-1, policy policy-1 (working-capital), reasons 2026.12+aaaa, checks 2026.12+bbbb",
  ])
    expect(page.text).toContain(part);
  expect(page.find("[aria-live=polite]").textContent).toBe("Check further");
});

it("names the versions in one sentence of the console's language", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment()} />);
  await act(() => {
    language.value = "zh-Hant";
  });
  expect(page.text).toContain("（working-capital），原因 2026.12+aaaa，核驗項 2026.12+bbbb");
});

it("names no kind of fraud when nothing points to one", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment({ contributions: [] })} />);
  expect(page.text).not.toContain("The evidence points to");
});

it("shows both probabilities where behaviour counts, and which one the proposal rests on", async () => {
  const without_behaviour = {
    probability: 0.031,
    interval: [0.009, 0.08] as [number, number],
    log_odds: -3.44,
    band: "step_up" as const,
    band_with: "refer" as const,
  };
  const page = await mount(<AssessmentPanel assessment={assessment({ without_behaviour })} />);
  expect(page.text).toContain("3.7% with behaviour, 3.1% without; the proposal rests on the second.");
  expect(page.text).not.toContain("Refer");
});

it("does not speak of behaviour where it does not count", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment()} />);
  expect(page.text).not.toContain("behaviour");
});

it("says that there is nothing yet", async () => {
  expect((await mount(<AssessmentPanel assessment={null} />)).text).toContain("No assessment yet");
});

it("shows how probable every kind is, and none where the evidence points to none", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment()} />);
  expect([...page.root.querySelectorAll("details li")].map((row) => row.textContent).slice(0, 2)).toEqual([
    "Another person62%",
    "Injected video20%",
  ]);
  const none = await mount(<AssessmentPanel assessment={assessment({ family: "none" })} />);
  expect(none.text).not.toContain("Most probable kind");
  const contributions = assessment().contributions.map((one) => ({ ...one, contribution: 0.001 }));
  const tiny = await mount(<AssessmentPanel assessment={assessment({ contributions })} />);
  expect(tiny.text).not.toContain("Most probable kind");
});

it("does not call a kind the most probable that is not", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment({ family: "injected" })} />);
  expect(page.text).toContain(
    "Evidence points to: Injected video, 20% if it is fraud; Another person is more probable all the same, 62%",
  );
  expect(page.text).not.toContain("Most probable kind");
});

it("shows no interval without width where nothing was measured: that would look like certainty", async () => {
  const bare = { contributions: [], interval: [0.01, 0.01] as [number, number], probability: 0.01 };
  const page = await mount(<AssessmentPanel assessment={assessment(bare)} />);
  expect(page.text).toContain("1.0%the base rate: nothing that counts was measured");
  expect(page.text).not.toContain("90% interval");
});

it("says where the sequential test stands, and that it proposes a check at most", async () => {
  const test = {
    crossed: "up" as const,
    at: 65,
    checked_at: null,
    upper: 4.5,
    lower: -2.3,
    alpha: 0.01,
    beta: 0.1,
  };
  const told = async (sequential: typeof test | null) =>
    (await mount(<AssessmentPanel assessment={assessment({ sequential })} />)).text;
  expect(await told(test)).toContain("upper bound crossed at 1:05, a check is proposed");
  expect(await told({ ...test, checked_at: 80 } as never)).toContain(
    "upper bound crossed at 1:05, checked at 1:20",
  );
  expect(await told({ ...test, crossed: "down" } as never)).toContain(
    "lower bound crossed at 1:05, which proposes nothing",
  );
  const short = { ...test, crossed: "undecided", at: null };
  expect(await told({ ...short, highest: 3.88 } as never)).toContain(
    "it reaches +16.9 dB at most, short of the upper bound of +19.5 dB",
  );
  expect(await told({ ...short, highest: 4.6 } as never)).not.toContain("at most");
  expect(await told(null)).not.toContain("Evidence over time");
});

it("shows assessments from before there were reasons, shares and checks", async () => {
  const older = { families: [], sequential: null, codes: [], next_check: null, taxonomy: "", checks: "" };
  const page = await mount(<AssessmentPanel assessment={assessment(older)} live />);
  expect(page.text).toContain("Evidence points to: Another person");
  expect(page.text).toContain("Calibration fit-1, policy policy-1");
  for (const absent of ["Next best check", "if it is fraud", "reasons ", "N303"])
    expect(page.text).not.toContain(absent);
});

it("never calls little evidence a low risk: it asks to check further, in every language", async () => {
  const words = {
    en: "Insufficient evidence: check further",
    "zh-Hans": "证据不足，需进一步核实",
    "zh-Hant": "證據不足，需進一步核實",
  };
  const little = assessment({ band: "insufficient", coverage: 0.2, probability: 0.001 });
  const page = await mount(<AssessmentPanel assessment={little} />);
  for (const [name, expected] of Object.entries(words)) {
    await act(() => {
      language.value = name as Language;
    });
    expect(page.text).toContain(expected);
    expect(page.text).not.toMatch(/low risk|低风险|低風險|可继续|可繼續/);
  }
});
