/** What the extension adds to JupyterLab, a plugin for each: one can be disabled without the others. */

import { announceEnds } from './announcements.js';
import { addRenderer } from './compilation.js';
import { addFileType, addLanguage } from './language.js';
import { watchMagicCells } from './magic_cells.js';
import { nameQuestions } from './questions.js';
import { addSession } from './session.js';
import { shared } from './shared.js';

const { ICommandPalette } = await shared('@jupyterlab/apputils');
const { IEditorLanguageRegistry } = await shared('@jupyterlab/codemirror');
const { IConsoleTracker } = await shared('@jupyterlab/console');
const { INotebookTracker, NotebookActions } = await shared('@jupyterlab/notebook');
const { IRenderMimeRegistry } = await shared('@jupyterlab/rendermime');
const { IStatusBar } = await shared('@jupyterlab/statusbar');

const NAME = 'aibasic-labextension';

const language = {
  id: `${NAME}:language`,
  description: 'Highlights AIBasic in cells and .aib files.',
  autoStart: true,
  requires: [IEditorLanguageRegistry],
  activate: async (app, languages) => {
    await addLanguage(languages);
    await addFileType(app.docRegistry);
  }
};

const magicCells = {
  id: `${NAME}:magic-cells`,
  description: 'Highlights the cells of other kernels that begin with %%aibasic.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app, notebooks) => watchMagicCells(notebooks)
};

const compilation = {
  id: `${NAME}:compilation`,
  description: 'Shows the Python of each compiled line, folded, with copy and explain.',
  autoStart: true,
  requires: [IRenderMimeRegistry, IEditorLanguageRegistry, INotebookTracker],
  optional: [IConsoleTracker],
  activate: (app, rendermime, languages, notebooks, consoles) =>
    addRenderer(rendermime, languages, [notebooks, consoles].filter(Boolean))
};

const announcements = {
  id: `${NAME}:announcements`,
  description: 'Has screen readers say how each cell of an AIBasic notebook ended.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: () => announceEnds(NotebookActions)
};

const questions = {
  id: `${NAME}:questions`,
  description: 'Names the field in which a question is answered by the question, for screen readers.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [IConsoleTracker],
  activate: (app, notebooks, consoles) => nameQuestions(NotebookActions, consoles)
};

const session = {
  id: `${NAME}:session`,
  description: 'Shows the session of the notebook in front: model, cost, connections and program.',
  autoStart: true,
  requires: [IEditorLanguageRegistry, INotebookTracker],
  optional: [IConsoleTracker, IStatusBar, ICommandPalette],
  activate: (app, languages, notebooks, consoles, statusBar, palette) =>
    addSession(app, languages, [notebooks, consoles].filter(Boolean), statusBar, palette)
};

function addStyle() {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL('style.css', import.meta.url).href;
  document.head.append(link);
}

addStyle();

export default [language, magicCells, compilation, questions, announcements, session];
