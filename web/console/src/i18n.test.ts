import { describe, expect, it } from "vitest";
import {
  chooseLanguage,
  closest,
  failureText,
  fill,
  language,
  localName,
  startLanguage,
  translator,
} from "./i18n";
import * as enApplicant from "./messages/en/applicant";
import * as enBehaviour from "./messages/en/behaviour";
import * as enChallenges from "./messages/en/challenges";
import * as enCommon from "./messages/en/common";
import * as enConsole from "./messages/en/console";
import * as enCues from "./messages/en/cues";
import * as enEvidence from "./messages/en/evidence";
import * as enMovements from "./messages/en/movements";
import * as enReview from "./messages/en/review";
import * as hansApplicant from "./messages/zh-Hans/applicant";
import * as hansBehaviour from "./messages/zh-Hans/behaviour";
import * as hansChallenges from "./messages/zh-Hans/challenges";
import * as hansCommon from "./messages/zh-Hans/common";
import * as hansConsole from "./messages/zh-Hans/console";
import * as hansCues from "./messages/zh-Hans/cues";
import * as hansEvidence from "./messages/zh-Hans/evidence";
import * as hansMovements from "./messages/zh-Hans/movements";
import * as hansReview from "./messages/zh-Hans/review";
import * as hantApplicant from "./messages/zh-Hant/applicant";
import * as hantBehaviour from "./messages/zh-Hant/behaviour";
import * as hantChallenges from "./messages/zh-Hant/challenges";
import * as hantCommon from "./messages/zh-Hant/common";
import * as hantConsole from "./messages/zh-Hant/console";
import * as hantCues from "./messages/zh-Hant/cues";
import * as hantEvidence from "./messages/zh-Hant/evidence";
import * as hantMovements from "./messages/zh-Hant/movements";
import * as hantReview from "./messages/zh-Hant/review";

describe("language", () => {
  it.each([
    ["en-GB", "en"],
    ["zh", "zh-Hans"],
    ["zh-CN", "zh-Hans"],
    ["zh-TW", "zh-Hant"],
    ["zh-Hant-HK", "zh-Hant"],
    ["fr", null],
    [undefined, null],
  ])("is nearest to %s: %s", (tag, expected) => expect(closest(tag)).toBe(expected));

  it("is what the interview asks for, until the person chooses", () => {
    startLanguage("zh-TW");
    expect([language.value, document.documentElement.lang]).toEqual(["zh-Hant", "zh-Hant"]);
    chooseLanguage("en");
    startLanguage("zh-TW");
    expect(language.value).toBe("en");
  });

  it("chooses the service's sentence and the product's name", () => {
    const failure = { code: "x", status: 422, message: "No face.", messageZh: "没有人脸。" };
    const product = { name_zh: "贸易融资", name_en: "Trade finance" };
    language.value = "en";
    expect([failureText(failure), localName(product)]).toEqual(["No face.", "Trade finance"]);
    language.value = "zh-Hans";
    expect([failureText(failure), localName(product)]).toEqual(["没有人脸。", "贸易融资"]);
  });
});

describe("messages", () => {
  it("fill holes, and leave unknown ones to be seen", () => {
    expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });

  it("follow the language", () => {
    const text = translator({
      en: { hi: "Hello {n}" },
      "zh-Hans": { hi: "你好 {n}" },
      "zh-Hant": { hi: "您好 {n}" },
    });
    language.value = "zh-Hant";
    expect(text("hi", { n: "x" })).toBe("您好 x");
  });

  const catalogues = {
    applicant: [enApplicant.applicant, hansApplicant.applicant, hantApplicant.applicant],
    behaviour: [enBehaviour.behaviour, hansBehaviour.behaviour, hantBehaviour.behaviour],
    challenges: [enChallenges.challenges, hansChallenges.challenges, hantChallenges.challenges],
    common: [enCommon.common, hansCommon.common, hantCommon.common],
    console: [enConsole.consoleMessages, hansConsole.consoleMessages, hantConsole.consoleMessages],
    cues: [enCues.cues, hansCues.cues, hantCues.cues],
    evidence: [enEvidence.evidence, hansEvidence.evidence, hantEvidence.evidence],
    movements: [enMovements.movements, hansMovements.movements, hantMovements.movements],
    review: [enReview.review, hansReview.review, hantReview.review],
  };
  const holes = (message: string) => (message.match(/\{\w+\}/g) ?? []).sort();

  it.each(Object.entries(catalogues))("of %s have the same holes in every language", (_, [en, ...others]) => {
    for (const [key, message] of Object.entries(en as Record<string, string>))
      for (const other of others) {
        const translated = (other as Record<string, string>)[key] ?? "";
        expect([key, translated !== "", holes(translated)]).toEqual([key, true, holes(message)]);
      }
  });
});
