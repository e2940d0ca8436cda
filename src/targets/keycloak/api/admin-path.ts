/** A path of the Admin API: `` adminPath`users/${id}/federated-identity/${alias}` ``. */
export { encodedPath as adminPath } from '../../http/encoded-path.ts'
