/** Members whose own files are spoilt while the gateway runs: they stay as they are in force. */
import { canSign, type Member } from '../lib/credentials.ts';
import type { Findings, Place } from './findings.ts';
import { noteShared, type Owners } from './identities.ts';

/**
 * Puts those back, and takes their mistakes as refused: other members' changes are good all the same.
 *
 * A member that cannot sign as it is loses nothing by its new files, as at start. Where nobody could sign
 * in the end nothing is put back.
 * @param members as read; changed in place. One that is not in force yet does not come.
 * @param inForce what is in force now.
 */
export function keepInForce(
  members: Map<string, Member>,
  inForce: ReadonlyMap<string, Member>,
  findings: Findings,
  place: Place,
  nowMs: number,
): void {
  const isAble = (member: Member | undefined) => member !== undefined && canSign(member, nowMs);
  const kept = new Set<string>();
  for (const { member, isPardonable } of findings.mistakes) {
    if (member === undefined) continue;
    if (isPardonable !== true || isAble(inForce.get(member))) kept.add(member);
  }
  const merged = new Map(members);
  for (const code of kept) {
    const present = inForce.get(code);
    if (present === undefined) merged.delete(code);
    else merged.set(code, present);
  }
  if (kept.size === 0 || ![...merged.values()].some(isAble)) return;
  for (const code of kept) members.delete(code);
  for (const [code, member] of merged) members.set(code, member);
  const isOfKept = ({ member = '' }) => kept.has(member);
  findings.refused.push(...findings.mistakes.filter(isOfKept));
  const others = findings.mistakes.filter((mistake) => !isOfKept(mistake));
  findings.mistakes.splice(0, Infinity, ...others);
  // What one keeps another may have been given.
  const owners: Owners = new Map();
  for (const member of members.values()) noteShared(member, owners, place.at(member.memberCode));
}
