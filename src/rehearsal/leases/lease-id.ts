const ID = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[0-9a-z]{13}$/u

/** When a lease of this id was taken; undefined: no lease has such an id. */
export const takenAt = (id: string): Date | undefined => {
  const [, year, month, day, hour, minute, second] = ID.exec(id) ?? []
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
