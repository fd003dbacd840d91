import type {
  Assessment,
  Challenge,
  ChallengeResult,
  Config,
  Join,
  MovementReplay,
  Question,
  QuestionBehaviour,
  Questions,
  Reading,
  SessionDetail,
  SessionSummary,
  SpeechHeard,
  User,
} from "../types";

/** Made-up values for tests, complete as the service sends them. */

export const officer: User = {
  id: "u1",
  username: "wang",
  role: "officer",
  display_name: "Wang Min",
  active: true,
};

export const config: Config = {
  demo: false,
  institution: "Test Bank",
  languages: ["zh-Hans", "zh-Hant", "en"],
  version: "0.1.0",
  ice_servers: [],
  products: [{ id: "trade", name_zh: "贸易融资", name_en: "Trade finance" }],
  min_reason_characters: 10,
  min_password_characters: 12,
};

export const summary: SessionSummary = {
  id: "s1",
  applicant_name: "Li Jianguo",
  product: "trade",
  language: "en",
  state: "live",
  created_at: "2026-11-24T08:00:00Z",
  officer: "Wang Min",
  probability: 0.0123,
  band: "proceed",
  decision: null,
  duration_s: 65,
  simulated: false,
};

export const detail: SessionDetail = {
  ...summary,
  decision: null,
  consent: { recording: true, face: true, voice: false, behaviour: true, given_at: "2026-11-24T08:01:00Z" },
  asked: ["recording", "face", "voice", "behaviour"],
  join_url: "https://bank.example/join/abc",
  join_expires_at: "2026-11-25T08:00:00Z",
  link_opened: true,
  has_voice_reference: false,
  references: [
    {
      modality: "face",
      version: 1,
      made_at: "2026-11-24T08:00:00Z",
      model: "dlib_resnet@12345678",
      taken_from: null,
      used: true,
      revoked_at: null,
      revoked_why: null,
      measured: {},
    },
  ],
  segments: [{ side: "applicant", index: 0, start: 0, end: 65 }],
  has_recording: true,
  has_officer_recording: false,
  started_at: "2026-11-24T08:02:00Z",
  sealed_at: null,
  parameters: "fit-1",
  policy: "policy-1",
  prior: 0.01,
  models: ["dlib_resnet@12345678"],
  allowed: ["offer", "end"],
};

export const sealed: SessionDetail = { ...detail, state: "sealed", allowed: ["decide", "rerun"] };

export function assessment(part: Partial<Assessment> = {}): Assessment {
  return {
    seq: 1,
    t: 10,
    probability: 0.037,
    interval: [0.011, 0.098],
    prior: 0.01,
    log_odds: -3.26,
    contributions: [
      {
        kind: "face_match",
        contribution: 1.335,
        llr: 1.5,
        bounds: [-3, 4],
        statistic: 0.6,
        observations: 9,
        grade: "measured",
        evidence: [{ media: "video", start: 4, end: 5, box: [0.1, 0.2, 0.3, 0.4] }],
      },
    ],
    absent: [{ kind: "voice_match", reason: "no_speech", detail: "", statistic: null, observations: 0 }],
    coverage: 0.5,
    band: "step_up",
    family: "impostor",
    calibration: "fit-1",
    policy: "policy-1",
    voice: null,
    without_behaviour: null,
    families: [
      { family: "impostor", share: 0.62 },
      { family: "injected", share: 0.2 },
      { family: "presentation", share: 0.1 },
      { family: "voice_attack", share: 0.05 },
      { family: "replay", share: 0.03 },
    ],
    sequential: {
      crossed: "undecided",
      at: null,
      checked_at: null,
      upper: 4.4998,
      lower: -2.2925,
      alpha: 0.01,
      beta: 0.1,
    },
    codes: [
      { code: "R101", kind: "face_match", contribution: 1.335 },
      { code: "N303", kind: "voice_match", contribution: 0 },
    ],
    next_check: { check: "speak", starts: null, seconds: 15, gain: 0.355, kinds: ["voice_match"] },
    taxonomy: "2026.12+aaaa",
    checks: "2026.12+bbbb",
    proposal: {
      band: "step_up",
      grounds: [{ kind: "probability", band: "step_up", value: 0.037, threshold: 0.004, signals: [] }],
      asks: [],
      products: ["working-capital"],
      approved_by: "",
      approved_on: "",
    },
    ...part,
  };
}

export function reading(part: Partial<Reading> = {}): Reading {
  return {
    seq: 1,
    kind: "face_match",
    type: "observation",
    start: 4,
    end: 5,
    score: 0.6,
    quality: 0.9,
    model: "dlib_resnet@12345678",
    reason: null,
    detail: null,
    covariates: {},
    evidence: [{ media: "video", start: 4, end: 5, box: [0.1, 0.2, 0.3, 0.4] }],
    ...part,
  };
}

/** A reading that is of a movement: the applicant's right eyebrow, for a third of a second. */
export function movementReading(part: Partial<Reading> = {}): Reading {
  const covariates = {
    movement: 1,
    apex_s: 20.2,
    amplitude: 0.021,
    asymmetry: -0.4,
    brief: 1,
    upper: 1,
    region_inner_brow_right: 1,
    region_outer_brow_right: 1,
  };
  return reading({
    seq: 5,
    kind: "micro_expression",
    start: 20,
    end: 20.36,
    score: 6.5,
    ...part,
    covariates: { ...covariates, ...part.covariates },
  });
}

export const movementReplay: MovementReplay = {
  seq: 5,
  times: [19.9, 19.95, 20, 20.1, 20.2, 20.3, 20.36, 20.4, 20.45],
  onset: 2,
  apex: 4,
  offset: 6,
  factor: 6,
  columns: 8,
  tile_px: 256,
  image: "data:image/jpeg;base64,AA==",
};

export function challenge(part: Partial<Challenge> = {}): Challenge {
  return {
    id: "c1",
    kind: "flash",
    state: "waiting",
    step: 0,
    steps: 32,
    issued_at: "2026-11-24T08:03:00Z",
    started_s: null,
    ended_s: null,
    detail: "",
    result: null,
    ...part,
  };
}

export function challengeResult(part: Partial<ChallengeResult> = {}): ChallengeResult {
  return {
    seq: 7,
    score: -0.62,
    quality: 0.8,
    llr: -4.6,
    p_value: 0.00042,
    reason: null,
    detail: "",
    covariates: { llr_flash: -4.6, p_value: 0.00042, lag_s: 0.314, snr_db: -2.04, chips: 20 },
    evidence: [{ media: "video", start: 61, end: 73, box: [0.3, 0.2, 0.4, 0.5] }],
    ...part,
  };
}

export function question(part: Partial<Question> = {}): Question {
  const number = part.number ?? 1;
  return {
    id: `q${number}`,
    number,
    role: "probe",
    text: { "zh-Hans": `第${number}问`, "zh-Hant": `第${number}問`, en: `Question ${number}?` },
    expected_s: 15,
    state: "open",
    asked_s: null,
    ended_s: null,
    until_s: part.ended_s ?? null,
    behaviour: null,
    ...part,
  };
}

/** So many neutral and probing questions by turns, of which some may be given. */
export function questionSet(given: Question[] = [], part: Partial<Questions> = {}): Questions {
  const rows = Array.from({ length: 4 }, (_, index) => {
    const number = index + 1;
    return (
      given.find((one) => one.number === number) ??
      question({ number, role: index % 2 === 0 ? "baseline" : "probe" })
    );
  });
  return {
    version: "2026.11",
    product: "trade",
    name: { "zh-Hans": "贸易融资面审问题", "zh-Hant": "貿易融資面審問題", en: "Trade finance interview" },
    questions: rows,
    marks: [],
    absent: null,
    ...part,
  };
}

/** A question whose answer `movementReading` fell in. */
export const turnover = question({
  number: 7,
  text: {
    en: "What was your turnover last year?",
    "zh-Hans": "去年营业额是多少？",
    "zh-Hant": "去年營業額是多少？",
  },
  state: "answered",
  asked_s: 18,
  ended_s: 30,
});

/** A set of nothing but these. */
export const questionsOnly = (...only: Question[]): Questions => questionSet([], { questions: only });

/** An answer that differs from the applicant's own neutral ones, as the comparison gives it. */
export function behaviour(part: Partial<QuestionBehaviour> = {}): QuestionBehaviour {
  return {
    seq: 12,
    differs: true,
    p: 0.02,
    q: 0.06,
    baseline_answers: 6,
    baseline_s: 101.4,
    deviations: [
      { feature: "latency_s", z: 2.13 },
      { feature: "pitch_sd_st", z: -1.58 },
      { feature: "blinks_per_min", z: 0.4 },
    ],
    reason: null,
    detail: "",
    evidence: [
      { media: "video", start: 31.2, end: 44, box: null },
      { media: "audio", start: 31.2, end: 44, box: null },
    ],
    ...part,
  };
}

export const tooFew = (detail = "3 neutral answers of 41 s; 5 of 90 s are needed"): QuestionBehaviour =>
  behaviour({
    differs: false,
    p: null,
    q: null,
    baseline_answers: null,
    baseline_s: null,
    deviations: [],
    reason: "short_baseline",
    detail,
    evidence: [],
  });

export const invitation: Join = {
  applicant_name: "Li Jianguo",
  institution: "Test Bank",
  product_zh: "贸易融资",
  product_en: "Trade finance",
  language: "en",
  state: "created",
  consent: null,
  asked: ["recording", "face", "voice", "behaviour"],
  ice_servers: [],
};

export function speech(part: Partial<SpeechHeard> = {}): SpeechHeard {
  return {
    t: 12,
    net_speech_s: 7.23,
    usable_s: 5.57,
    waiting_s: 0.3,
    snr_db: 24.4,
    clipped: 0.0012,
    rolloff_hz: 6140,
    reason: null,
    verify_s: 3,
    enrol_s: 8,
    ...part,
  };
}
