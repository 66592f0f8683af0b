/** States in which a payment has ended. */
export const FINAL_STATES = ['COMPLETED', 'REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED', 'BLOCKED', 'CAPTURE_LOST'];
/** The payee was given its money: what is taken back now is somebody's loss, or to be given once more. */
export const CREDITED = ['COMPLETED', 'CAPTURE_LOST'];
/** Nobody's money has moved in the end. */
export const UNDONE = ['REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED'];
