/** What the officer reads about challenges. */
export const challenges = {
  "challenge.title": "Challenges",
  "challenge.about": "The applicant is asked first, and may decline.",
  "kind.flash": "Light",
  "kind.pose": "Head turn",
  "kind.digits": "Digits",
  "start.flash":
    "Start the light challenge: the applicant's screen changes colour, and their face has to follow",
  "start.pose": "Start the head-turn challenge: the applicant follows arrows",
  "start.digits": "Start the digits challenge: the applicant reads digits aloud",
  "why.away": "Possible once the applicant is in the call.",
  "why.running": "One is under way: wait for its end, or take it back.",
  "why.noFace": "The applicant did not agree to face checks: only digits are possible.",
  "why.noVoice": "The applicant did not agree to voice checks: no digits.",
  "why.noConsent": "The applicant agreed neither to face nor to voice checks.",
  "challenge.cancel": "Take back",
  "challenge.headInstead": "Head turn instead",
  "challenge.progress": "{step} of {steps} shown",
  "challenge.none": "No challenge was put to the applicant.",
  "challenge.jump": "Go to the evidence at {span}",
  "challenge.record": "Record",
  "challenge.recordHint": "Seed, plan and signatures, for whoever checks this challenge",
  "state.waiting": "Asked",
  "state.running": "Running",
  "state.done": "Done",
  "state.refused": "Declined",
  "state.spared": "Spared",
  "state.unseen": "Not shown",
  "state.expired": "No answer",
  "state.cancelled": "Taken back",
  "words.waiting": "The applicant reads what will happen, and answers within half a minute.",
  "words.running": "The applicant's page shows it now.",
  "words.refused":
    "The applicant declined. A refusal is not fraud and adds nothing to the probability; you can ask why, or offer another challenge.",
  "words.stopped":
    "The applicant stopped it after {step} of {steps}. A refusal is not fraud and adds nothing to the probability; you can ask why, or offer another challenge.",
  "words.spared":
    "The applicant should not see changing light. It adds nothing to the probability; a head turn is possible.",
  "words.unseen":
    "The applicant's page did not show it to its end. It adds nothing; start it again when the connection is steady.",
  "words.expired": "The applicant did not answer in time. It adds nothing; you can ask again.",
  "words.cancelled": "It was ended before its time and adds nothing.",
  "words.pending": "It was shown. The result is being worked out.",
  "words.noResult": "It was shown, but nothing was measured.",
  "words.digits": "The digits were shown. Whether they were read aloud in time is for you to hear.",
  "words.unmeasured": "Could not be measured: {reason}. It adds nothing.",
  "words.flashAgainst": "The face follows the light as it is shown on the applicant's screen.",
  "words.flashTowards":
    "The face was not seen to follow the light. That alone proves nothing: a bright room or a distant screen can do it too.",
  "words.poseAgainst": "The head follows the arrows.",
  "words.poseTowards":
    "The head was not seen to follow the arrows. That alone proves nothing: ask again, and watch.",
  "words.digitsAgainst": "The digits were read as shown.",
  "words.digitsTowards": "The digits were not read as shown.",
  "words.measured": "It was measured. What it adds stands in the assessment.",
  "figure.llr": "own evidence {n} dB",
  "figure.p": "p {n}",
  "figure.lag_s": "delay {n} s",
  "figure.snr_db": "signal to noise {n} dB",
};

export type ChallengeMessages = Record<keyof typeof challenges, string>;
