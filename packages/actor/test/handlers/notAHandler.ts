export default { onUpdate: 'every time' };
