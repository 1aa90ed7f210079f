/** Cells of other kernels that begin with `%%aibasic`: their editor shows AIBasic. */

import { MIME } from './language.js';

const MAGIC = /^\s*%%aibasic(?:\s|$)/;

/** Give a cell the language of its first line. */
function suit(cell, notebook) {
  const wanted = MAGIC.test(cell.sharedModel.getSource().slice(0, 200)) ? MIME : notebook.codeMimetype;
  const isOurs = cell.mimeType === MIME || wanted === MIME;
  if (isOurs && cell.mimeType !== wanted) {
    cell.mimeType = wanted;
  }
}

/**
 * Watch the code cells of a notebook, those to come too.
 *
 * @param {object} panel a NotebookPanel
 */
async function watchNotebook(panel) {
  await panel.context.ready;
  const notebook = panel.content;
  const watched = new WeakSet();
  const watchAll = () => {
    for (const cell of notebook.model?.cells ?? []) {
      if (cell.type === 'code' && !watched.has(cell)) {
        watched.add(cell);
        cell.contentChanged.connect(() => suit(cell, notebook));
        // The notebook sets all of them where its kernel changes.
        cell.mimeTypeChanged.connect(() => suit(cell, notebook));
        suit(cell, notebook);
      }
    }
  };
  notebook.model.cells.changed.connect(watchAll);
  watchAll();
}

/**
 * Watch all notebooks.
 *
 * @param {object} notebooks JupyterLab's INotebookTracker
 */
export function watchMagicCells(notebooks) {
  notebooks.forEach(watchNotebook);
  notebooks.widgetAdded.connect((tracker, panel) => watchNotebook(panel));
}
