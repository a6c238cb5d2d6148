// For pages that only need their amounts in the reader's notation.
import { localize } from './money.js';

localize(document);
