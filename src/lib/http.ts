/**
 * What is used of `node:http`, without an import: that would evaluate every name that the module has, of which
 * three (WebSocket among them) load the undici that lies inside Node, a thirtieth of a start.
 */
export const { METHODS, STATUS_CODES, ServerResponse } = process.getBuiltinModule('node:http');
