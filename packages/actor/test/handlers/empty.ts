export default (): object => ({});
