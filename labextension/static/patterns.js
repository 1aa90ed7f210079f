/** The patterns of the language as regular expressions of this browser. */

import words from './words.js';

/** Python's `\w` knows every script's letters; that of JavaScript does not. */
function ofAllScripts(source) {
  return source
    .replaceAll('\\"', '"')
    .replaceAll('[^\\W\\d]', '[\\p{L}_]')
    .replaceAll('[\\w', '[\\p{L}\\p{N}_')
    .replaceAll('\\w', '[\\p{L}\\p{N}_]');
}

const FLAGS = 'dius';
const inFull = source => new RegExp(`^(?:${ofAllScripts(source)})$`, FLAGS);
const atStart = source => new RegExp(`^(?:${ofAllScripts(source)})`, FLAGS);

export const LINE_NUMBER = atStart(words.line_number);
export const TASK = atStart(words.task);
export const REMARK = inFull(words.remark);
/** The forms of control flow: what is outside their groups is words of the grammar. */
export const CONTROL_FLOW = words.control_flow.map(inFull);
export const LAST_JUMP = new RegExp(ofAllScripts(words.last_jump), FLAGS);
/** The direct commands: what the name looks like, and what all behind it must match. */
export const COMMANDS = Object.entries(words.commands).map(([name, argument]) => ({
  name,
  lowerCase: words.lower_case_commands.includes(name),
  pattern: new RegExp(`^(${name.replaceAll(' ', ' +')})(?:\\s+(.*))?$`, FLAGS),
  argument: inFull(argument)
}));
export const TASK_TYPES = new Set(words.task_types);
export const TARGETS = new Set(words.target_groups);
