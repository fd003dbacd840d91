import { failureText } from "../i18n";
import type { Failure } from "../result";
import { commonText } from "../text";
import { Button } from "../ui/Button";
import { Notice } from "./Notice";
import { joinText } from "./text";

/** The link does not work, or the service does not answer: two different ways out. */
export function LinkFailure({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const mayPass = failure.status === 0 || failure.status === 429 || failure.status >= 500;
  if (!mayPass)
    return (
      <Notice title={joinText("link.invalid")} text={failureText(failure)} hint={joinText("link.help")} />
    );
  return (
    <Notice
      title={joinText("link.waiting")}
      text={failureText(failure)}
      action={
        <Button kind="primary" size="large" onClick={onRetry}>
          {commonText("common.retry")}
        </Button>
      }
    />
  );
}
