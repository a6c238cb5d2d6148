// Pages whose amounts only want the reader's own notation.
import { beautify } from './money.js';

beautify(document);
