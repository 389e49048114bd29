/** The sandbox's settings: what may be changed while it runs. */
import type { Shape } from './shape.ts';

export interface Settings {
  shape: Shape;
  /** Whether services close outside their hours. */
  hoursEnforced: boolean;
  /** Minute of the day in Istanbul before which nothing but the login opens; 0 for no delay. */
  opensAtMinute: number;
}
