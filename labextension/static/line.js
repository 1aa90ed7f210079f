/** The parts of one line of AIBasic: what each character of it belongs to. */

import { noMarks, readMarks } from './marks.js';
import { COMMANDS, CONTROL_FLOW, LAST_JUMP, LINE_NUMBER, REMARK, TARGETS, TASK, TASK_TYPES } from './patterns.js';

const NUMBER = /(?<![\p{L}\p{N}_.])\d+(?:\.\d+)?(?![\p{L}\p{N}_])/gu;
const MAGIC = /^\s*(?:%%?[\w.]+|[!?])/;

/** @typedef {{from: number, to: number, style: string}} Part */

/**
 * The styled parts of a line, in order and apart from each other.
 *
 * @param {string} text the line
 * @param {import('./marks.js').Marks} marks what is open before it; afterwards what is open behind it
 * @returns {Part[]} with the styles comment, command, flow, lineNumber, magic, number, string and task
 */
export function partsOf(text, marks = noMarks()) {
  const goesOn = marks.quote !== '' || marks.brackets > 0;
  const { strings, comment } = readMarks(text, marks);
  const paint = new Paint(text.length);
  for (const found of text.matchAll(NUMBER)) {
    paint.over(found.index, found.index + found[0].length, 'number');
  }
  if (!goesOn) {
    paintStatement(text.slice(0, comment), paint);
  }
  strings.forEach(([from, to]) => paint.over(from, to, 'string'));
  paint.over(comment, text.length, 'comment');
  return paint.parts();
}

/** Paint what the grammar knows of a line that begins an instruction. */
function paintStatement(line, paint) {
  const magic = MAGIC.exec(line);
  if (magic) {
    paint.over(0, magic[0].length, 'magic');
    return;
  }
  const number = LINE_NUMBER.exec(line);
  if (number) {
    paint.over(...number.indices[1], 'lineNumber');
  }
  const rest = line.slice(number ? number[0].length : 0);
  const start = line.length - rest.trimStart().length;
  const statement = rest.trim();
  const task = TASK.exec(statement);
  if (task) {
    paintTask(task, start, paint);
    paintJump(statement, start, paint);
  } else if (REMARK.test(statement)) {
    paint.over(start, line.length, 'comment');
  } else if (!paintCommand(statement, start, paint) && !paintFlow(statement, start, paint)) {
    paintJump(statement, start, paint);
  }
}

/** `(postgres:warehouse)`; a word that is no known task type stays as it is. */
function paintTask(task, start, paint) {
  if (TASK_TYPES.has(task[1].toLowerCase())) {
    paint.over(start, start + task[0].trimEnd().length, 'task');
  }
}

function paintCommand(statement, start, paint) {
  const command = COMMANDS.find(each => isCommand(each, each.pattern.exec(statement)));
  if (command) {
    paint.over(start, start + command.pattern.exec(statement).indices[1][1], 'command');
  }
  return command !== undefined;
}

function isCommand(command, match) {
  if (match === null || !command.argument.test(match[2] ?? '')) {
    return false;
  }
  if (match[1] === match[1].toUpperCase()) {
    return true;
  }
  // `help me` and `phrases matter` are English; in lower case these two commands want a topic that is known.
  const isTopical = command.name === 'HELP' || command.name === 'PHRASES';
  return command.lowerCase && (!isTopical || !match[2] || TASK_TYPES.has(match[2].toLowerCase()));
}

function paintFlow(statement, start, paint) {
  for (const form of CONTROL_FLOW) {
    const match = form.exec(statement);
    if (match) {
      paintGrammar(match, start, paint);
      return true;
    }
  }
  return false;
}

/** ` and goto N` at the end of a sentence. */
function paintJump(statement, start, paint) {
  const match = LAST_JUMP.exec(statement);
  if (match) {
    paintGrammar(match, start, paint);
  }
}

/** The words between the groups of a match; its line numbers. What else the groups hold keeps its own style. */
function paintGrammar(match, start, paint) {
  const targets = Object.entries(match.indices.groups ?? {}).filter(([name, span]) => TARGETS.has(name) && span);
  const groups = match.indices.slice(1).filter(Boolean).sort(([one], [other]) => one - other);
  let from = match.index;
  for (const [begin, end] of groups) {
    paint.words(match.input, from, begin, start);
    from = end;
  }
  paint.words(match.input, from, match.index + match[0].length, start);
  targets.forEach(([, [begin, end]]) => paint.over(start + begin, start + end, 'lineNumber'));
}

/** A style for each character of a line; what is painted last stays. */
class Paint {
  constructor(length) {
    this.styles = new Array(length).fill('');
  }

  over(from, to, style) {
    this.styles.fill(style, from, to);
  }

  /** Words of the grammar: what is not blank in `text` between `from` and `to`, where `text` begins at `start`. */
  words(text, from, to, start) {
    for (const word of text.slice(from, to).matchAll(/\S+/g)) {
      this.over(start + from + word.index, start + from + word.index + word[0].length, 'flow');
    }
  }

  /** @returns {Part[]} */
  parts() {
    const parts = [];
    this.styles.forEach((style, at) => {
      const last = parts.at(-1);
      if (last?.style === style && last.to === at) {
        last.to += 1;
      } else if (style) {
        parts.push({ from: at, to: at + 1, style });
      }
    });
    return parts;
  }
}
