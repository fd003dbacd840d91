import { useEffect, useRef, useState } from "preact/hooks";
import { namesCues } from "../assessment/cues";
import { MOVEMENT_KIND, type Movement, movementsOf } from "../movements/movements";
import type { Failure, Result } from "../result";
import type {
  Assessment,
  CallStatus,
  Challenge,
  Questions,
  Reading,
  SessionDetail,
  SpeechHeard,
} from "../types";
import { useConsole } from "./context";
import { useLoad } from "./useLoad";

export type LatestReadings = ReadonlyMap<string, Reading>;

export interface Followed {
  detail: SessionDetail | null;
  /** Every assessment so far, oldest first. */
  assessments: readonly Assessment[];
  /** Every challenge so far, oldest first. */
  challenges: readonly Challenge[];
  /** The questions with their marks; null for an interview without, undefined until they are known. */
  questions: Questions | null | undefined;
  /** The newest reading of each signal that names its cues, by kind; none from before this page was opened. */
  latest: LatestReadings;
  /** Movements of the face so far, oldest first. */
  movements: readonly Movement[];
  /** How much speech was heard; null before anybody listened. */
  speech: SpeechHeard | null;
  call: CallStatus | null;
  /** Live updates stopped coming and are being asked for again. */
  lost: boolean;
  failure: Failure | null;
  /** Why something from before is not known. */
  missed: Failure | null;
  /** Ask for them again. */
  catchUp: () => void;
  reload: () => void;
  /** Take over what the service answered to something done here. */
  replace: (detail: SessionDetail) => void;
  replaceChallenge: (challenge: Challenge) => void;
  replaceQuestions: (questions: Questions) => void;
}

/** One interview as it goes on: the record, and the newest of everything that the service sends about it. */
export function useSession(id: string): Followed {
  const { api, openStream } = useConsole();
  const loaded = useLoad(() => api.session(id), id);
  const [answered, setAnswered] = useState<SessionDetail | null>(null);
  const { catchUp, ...told } = useTold(id);
  const [latest, setLatest] = useState<LatestReadings>(new Map());
  const [call, setCall] = useState<CallStatus | null>(null);
  const [lost, setLost] = useState(false);
  useEffect(() => setAnswered(null), [loaded.value]);

  const detail = answered ?? loaded.value;
  const isOpen = detail !== null && detail.state !== "sealed" && detail.state !== "decided";
  useEffect(() => {
    if (!isOpen) return undefined;
    const stream = openStream(`/api/sessions/${encodeURIComponent(id)}/events`, {
      state: () => loaded.reload(),
      assessment: (data) => told.addAssessment(data as Assessment),
      reading: (data) => {
        setLatest((before) => withReading(before, data as Reading));
        told.addMovements([data as Reading]);
      },
      speech: (data) => told.setSpeech(data as SpeechHeard),
      call: (data) => setCall(data as CallStatus),
      challenge: (data) => told.replaceChallenge(data as Challenge),
      questions: (data) => told.replaceQuestions(data as Questions),
    });
    catchUp();
    let wasLost = false;
    const unfollow = stream.state.subscribe((state) => {
      setLost(state === "lost");
      if (state === "lost") told.missFromHere();
      // A stream that comes back gives only the newest of everything.
      if (state === "open" && wasLost) catchUp();
      wasLost = state === "lost";
    });
    return () => {
      unfollow();
      stream.close();
      setLost(false);
    };
  }, [id, isOpen]);

  return {
    detail,
    assessments: told.assessments,
    challenges: told.challenges,
    questions: told.questions,
    latest,
    movements: told.movements,
    speech: told.speech,
    // What was known about the connections is no longer true while nothing comes.
    call: lost ? null : call,
    lost,
    failure: loaded.failure,
    missed: told.missed,
    catchUp,
    reload: loaded.reload,
    replace: setAnswered,
    replaceChallenge: told.replaceChallenge,
    replaceQuestions: told.replaceQuestions,
  };
}

/** What was assessed, asked, marked and found: as it is told, and, when asked to catch up, as it is stored. */
function useTold(id: string) {
  const { api } = useConsole();
  const [assessments, setAssessments] = useState<readonly Assessment[]>([]);
  const [challenges, setChallenges] = useState<readonly Challenge[]>([]);
  const [questions, setQuestions] = useState<Questions | null | undefined>(undefined);
  const [movements, setMovements] = useState<readonly Movement[]>([]);
  const [speech, setSpeech] = useState<SpeechHeard | null>(null);
  const [missed, setMissed] = useState<Failure | null>(null);
  const newest = useRef(-1);
  /** Assessments after this one may not be known; null where all are. */
  const missing = useRef<number | null>(-1);

  const addAssessment = (one: Assessment) => {
    newest.current = one.seq;
    setAssessments((before) => withNewest(before, one));
  };
  const replaceChallenge = (one: Challenge) => setChallenges((before) => withChallenge(before, one));
  const replaceQuestions = (told: Questions | null) =>
    setQuestions((before) => (told ? furtherQuestions(before, told) : (before ?? null)));
  const addMovements = (told: readonly Reading[]) => setMovements((before) => withMovements(before, told));
  const missFromHere = () => {
    missing.current ??= newest.current;
  };

  /** What the service cannot give is missed until it is asked for again. */
  function take<T>(asked: Promise<Result<T>>, put: (stored: T) => void) {
    void asked.then((answer) => (answer.ok ? put(answer.value) : setMissed(answer.failure)));
  }

  function catchUp() {
    setMissed(null);
    const after = missing.current ?? newest.current;
    missing.current = null;
    const assessed = api.assessments(id, after).then((answer) => {
      if (!answer.ok) missing.current = Math.min(after, missing.current ?? after);
      return answer;
    });
    take(assessed, (stored) => {
      newest.current = Math.max(newest.current, stored.at(-1)?.seq ?? -1);
      setAssessments((since) => withStored(since, stored, after));
    });
    take(api.challenges(id), (stored) => {
      setChallenges((since) => since.reduce(withChallenge, stored as readonly Challenge[]));
    });
    take(api.questions(id), replaceQuestions);
    take(api.readings(id, MOVEMENT_KIND), addMovements);
    take(api.speech(id), (stored) => setSpeech((since) => since ?? stored));
  }

  return {
    assessments,
    addAssessment,
    missFromHere,
    challenges,
    replaceChallenge,
    questions,
    replaceQuestions,
    movements,
    addMovements,
    speech,
    setSpeech,
    missed,
    catchUp,
  };
}

/** Later assessments replace those at or after their moment, as when the analysis begins again after a restart. */
export function withNewest(before: readonly Assessment[], newest: Assessment): readonly Assessment[] {
  return [...before.filter((one) => one.t < newest.t), newest];
}

/** Stored assessments, all those after the output `after`, where they belong among what was told. */
export function withStored(
  told: readonly Assessment[],
  stored: readonly Assessment[],
  after: number,
): readonly Assessment[] {
  const last = stored.at(-1);
  if (!last) return told;
  return [...told.filter((one) => one.seq <= after), ...stored, ...told.filter((one) => one.seq > last.seq)];
}

/** The same map where the reading names no cues, so that nothing is drawn again for the many that do not. */
export function withReading(before: LatestReadings, told: Reading): LatestReadings {
  return namesCues(told) ? new Map(before).set(told.kind, told) : before;
}

/** The same list where none of the readings is of a movement; one that is told again stands there once. */
export function withMovements(before: readonly Movement[], told: readonly Reading[]): readonly Movement[] {
  const fresh = movementsOf(told).filter((one) => !before.some(({ seq }) => seq === one.seq));
  return fresh.length === 0 ? before : [...before, ...fresh].sort((a, b) => a.onset - b.onset);
}

/**
 * A challenge in place of what was known of it; a new one goes to the end.
 *
 * What was known stays where it is further on: the stream may be faster than the answer to a request.
 */
export function withChallenge(before: readonly Challenge[], told: Challenge): readonly Challenge[] {
  const isKnown = before.some((one) => one.id === told.id);
  const further = (one: Challenge) => (howFar(one) > howFar(told) ? one : told);
  return isKnown ? before.map((one) => (one.id === told.id ? further(one) : one)) : [...before, told];
}

/** Whichever knows more: marks are only ever added, and readings of answers only follow. */
export function furtherQuestions(before: Questions | null | undefined, told: Questions): Questions {
  if (!before || told.marks.length > before.marks.length) return told;
  if (told.marks.length < before.marks.length) return before;
  return lastReading(told) < lastReading(before) ? before : told;
}

/** The place of the newest reading among the outputs; -1 where none was made. */
function lastReading({ questions, absent }: Questions): number {
  const read = [absent, ...questions.map((one) => one.behaviour)];
  return Math.max(-1, ...read.flatMap((one) => (one ? [one.seq] : [])));
}

/** A challenge only ever goes on: asked, running step by step, over, over with a result. */
function howFar({ state, step, result }: Challenge): number {
  if (state === "waiting") return -1;
  if (state === "running") return step;
  return result === null ? Number.MAX_VALUE : Number.POSITIVE_INFINITY;
}
