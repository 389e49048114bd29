/** A message on its way to a service of MKS. */
import type { Fault } from '../faults/catalogue.ts';
import type { JsonObject } from '../json.ts';
import type { ServiceName } from './service.ts';

/** A message that has passed the gate in front of MKS and has been given its number. */
export interface Message {
  service: ServiceName;
  member: string;
  reference: string;
  messageId: string;
  payload: JsonObject;
  /** A fault that the service itself has to play. */
  fault?: Fault | undefined;
}
