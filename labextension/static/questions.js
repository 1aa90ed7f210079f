/** The name of the field in which a cell's question is answered: the question, for who does not see it above. */

/** Name the fields of a code cell, those to come. */
function nameAnswers(cell) {
  cell.outputArea?.inputRequested.connect((area, { node }) => {
    const question = node.querySelector('.jp-Stdin-prompt')?.textContent.trim();
    const field = node.querySelector('.jp-Stdin-input');
    if (question && field) {
      field.setAttribute('aria-label', question);
    }
  });
}

/**
 * Watch the cells of notebooks and consoles. JupyterLab itself lets a screen reader say the field's hint of keys only.
 *
 * @param {object} actions JupyterLab's NotebookActions
 * @param {?object} consoles JupyterLab's IConsoleTracker
 */
export function nameQuestions(actions, consoles) {
  const named = new WeakSet();
  const once = cell => {
    if (!named.has(cell)) {
      named.add(cell);
      nameAnswers(cell);
    }
  };
  actions.executionScheduled.connect((sender, { cell }) => once(cell));
  const watch = ({ console }) => console.cells.changed.connect((sender, { newValues }) => newValues.forEach(once));
  consoles?.forEach(watch);
  consoles?.widgetAdded.connect((sender, widget) => watch(widget));
}
