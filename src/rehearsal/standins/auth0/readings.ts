/** What a tenant does where Auth0's texts leave it open, or contradict each other. */
export interface Readings {
  /**
   * bcrypt sees 72 bytes. `joined`: password and salt are put together and cut, as Synapse does. `password`: the salt stays whole,
   * and the password is cut to what it leaves of the 72.
   */
  readonly cutTo72: 'joined' | 'password'
}

/** As whoever moves people from Synapse hopes it is. */
export const USUAL_READINGS: Readings = { cutTo72: 'joined' }
