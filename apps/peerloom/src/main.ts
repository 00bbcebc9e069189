import { version } from '@peerloom/supervisor';

process.stdout.write(`peerloom ${version} (Node.js ${process.version})\n`);
