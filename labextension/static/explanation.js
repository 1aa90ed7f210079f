/** What the session says to `EXPLAIN N`, asked beside the notebook: it becomes no cell and no output. */

const COLOURS = /\x1b\[[0-9;]*m/g;
const plain = text => [text ?? ''].flat().join('').replace(COLOURS, '');
const words = text => text.replace(/\s+/g, ' ').trim();

/** The text that an output of the kernel holds; "" for other messages. */
function textOf({ header, content }) {
  switch (header.msg_type) {
    case 'display_data':
    case 'execute_result':
      return plain(content.data['text/plain']);
    case 'stream':
      return plain(content.text);
    case 'error':
      return `${content.ename}: ${plain(content.evalue)}`;
    default:
      return '';
  }
}

/** Whoever wrote the notebook wrote its outputs: nothing but a line's number may become a part of what a kernel runs. */
const isLineNumber = line => Number.isInteger(line) && line >= 1 && line <= 999999;

/**
 * Ask a kernel to explain a line. A kernel that runs something answers when that is over.
 *
 * @param {object} kernel the connection, as `@jupyterlab/services` has it
 * @param {number|null} line the line's number; null for one that has none
 * @param {string} sentence the line as its header shows it
 * @returns {Promise<string>} the explanation, or why there is none
 */
export async function explain(kernel, line, sentence) {
  const { language_info: language } = await kernel.info;
  const command = isLineNumber(line) ? `EXPLAIN ${line}` : 'EXPLAIN';
  const future = kernel.requestExecute({
    code: language.name === 'aibasic' ? command : `%aibasic ${command}`,
    silent: false,
    store_history: false,
    stop_on_error: false,
    allow_stdin: false
  });
  const said = [];
  let failed = false;
  future.onIOPub = message => {
    said.push(textOf(message));
    failed ||= message.header.msg_type === 'error';
  };
  await future.done;
  const text = said.filter(Boolean).join('\n').trim();
  const [title, ...explanation] = text.split('\n');
  if (failed || !explanation.length) {
    return text || 'the kernel said nothing';
  }
  return words(sentence).endsWith(words(title)) ? explanation.join('\n').trim() : elsewhere(line);
}

/** A session knows a line by its number: of several it is the one that ran last. */
function elsewhere(line) {
  return !isLineNumber(line)
    ? 'Other lines have run since. Run this line again, or give it a number.'
    : `Another line ${line} has run since. Run this cell again to have its own explained.`;
}
