/** How a cell ended, said by screen readers: JupyterLab itself leaves who does not see the outputs without a word. */

import { element } from './elements.js';
import { MIME } from './language.js';

/** @param {?object} error what JupyterLab tells of a failure: nothing where the cell was not run at all */
function ending(cell, error) {
  const name = `Cell ${cell.model.executionCount ?? ''}`.trim();
  return error?.errorName ? `${name} failed. ${error.errorName}: ${error.errorValue}` : `${name} is done`;
}

/**
 * Announce the end of each cell of AIBasic notebooks.
 *
 * @param {object} actions JupyterLab's NotebookActions
 */
export function announceEnds(actions) {
  const voice = element('div', { class: 'aib-Announcement', role: 'status' });
  document.body.append(voice);
  actions.executed.connect((sender, { notebook, cell, success, error }) => {
    if (notebook.codeMimetype === MIME && cell.model.type === 'code' && (success || error)) {
      voice.replaceChildren(ending(cell, error));
    }
  });
}
