/** What the extension adds to JupyterLab, a plugin for each: one can be disabled without the others. */

import { addFileType, addLanguage } from './language.js';
import { shared } from './shared.js';

const { IEditorLanguageRegistry } = await shared('@jupyterlab/codemirror');

const language = {
  id: 'aibasic-labextension:language',
  description: 'Highlights AIBasic in cells and .aib files.',
  autoStart: true,
  requires: [IEditorLanguageRegistry],
  activate: async (app, languages) => {
    await addLanguage(languages);
    await addFileType(app.docRegistry);
  }
};

export default [language];
