/** How an answer differs from the own neutral ones: a sentence for each deviation that a reading of behaviour carries. */
export const behaviour = {
  "behaviour.question":
    "Question {number}: {score} deviations on average, p {p}, q {q} over {answers} questions",
  "behaviour.least": "{n} neutral answers: no question can have a p below {least}",
  "behaviour.session": "All questions together: p {p}",
  "behaviour.title": "In deviations from the own neutral answers (above 0: more than in those)",
  "behaviour.none": "No single feature stood out.",
  "behaviour.hint":
    "A reason to ask again. Haste, tiredness or a subject that moves somebody change answers too: it says nothing about truth.",
  z_brief_upper_per_min: "Brief movements of brows and eyes",
  z_macro_per_min: "Longer movements of the face",
  z_asymmetry: "Left and right unlike",
  z_blinks_per_min: "Blinks",
  z_averted_share: "Time looking away",
  z_reading_share: "Gaze along lines of text",
  z_latency_s: "Time to the first word",
  z_pause_ratio: "Pauses",
  z_pitch_sd_st: "Ups and downs of the voice",
  z_syllables_per_s: "Pace of speech",
  z_head_deg_per_s: "Movement of the head",
};

export type BehaviourMessages = Record<keyof typeof behaviour, string>;
