import type { Challenge } from "../types";
import { ChallengeCard } from "./ChallengeCard";
import styles from "./ChallengeList.module.css";
import { challengeText } from "./text";

export interface ChallengeListProps {
  session: string;
  challenges: readonly Challenge[];
  onSeek?: (t: number) => void;
}

/** Every challenge of an interview, oldest first, each leading to its moment. */
export function ChallengeList({ session, challenges, onSeek }: ChallengeListProps) {
  if (challenges.length === 0) return <p>{challengeText("challenge.none")}</p>;
  return (
    <ol class={styles.list}>
      {challenges.map((one) => (
        <li key={one.id}>
          <ChallengeCard session={session} challenge={one} onSeek={onSeek} />
        </li>
      ))}
    </ol>
  );
}
