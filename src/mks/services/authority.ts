/** A message function that the member's chief user grants in screen YT14, with its message type. */
export interface Authority {
  function: string;
  messageType: string;
}
