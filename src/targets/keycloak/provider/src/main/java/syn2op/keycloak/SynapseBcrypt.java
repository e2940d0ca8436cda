package syn2op.keycloak;

import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Checks passwords that Synapse hashed, and never makes such a hash: a password that is set, or typed rightly for the
 * first time, is hashed as Keycloak would without this provider, so that the provider and the pepper can go one day.
 */
final class SynapseBcrypt implements PasswordHashProvider {
    private static final System.Logger LOG = System.getLogger(SynapseBcrypt.class.getName());
    /** Keycloak's own, the best first, for a server whose default is set to this provider. */
    private static final String[] KEYCLOAKS_OWN = {"argon2", "pbkdf2-sha512"};

    /** By which a provider takes its own number. */
    private static final int KEYCLOAKS_ITERATIONS = -1;

    private final KeycloakSession session;
    private final String pepper;

    SynapseBcrypt(KeycloakSession session, String pepper) {
        this.session = session;
        this.pepper = pepper;
    }

    @Override
    public boolean verify(String rawPassword, PasswordCredentialModel credential) {
        return SynapseRule.matches(rawPassword, pepper, credential.getPasswordSecretData().getValue());
    }

    /**
     * Keycloak asks this of the provider that the realm's policy names. An administrator who names this one can not be
     * told so at that moment, since Keycloak accepts any name; to fail here would end every login of the realm.
     */
    @Override
    public boolean policyCheck(PasswordPolicy policy, PasswordCredentialModel credential) {
        return keycloaksOwn().policyCheck(PasswordPolicy.empty(), credential);
    }

    /** The policy's iterations were meant for another algorithm: with 50, argon2 would take a second for each login. */
    @Override
    public PasswordCredentialModel encodedCredential(String rawPassword, int iterations) {
        PasswordHashProvider own = keycloaksOwn();
        LOG.log(System.Logger.Level.WARNING,
                "The password policy names " + SynapseBcryptFactory.ID + ", which only checks passwords: this one is "
                        + "hashed by Keycloak's default. Take hashAlgorithm out of the realm's password policy");
        return own.encodedCredential(rawPassword, KEYCLOAKS_ITERATIONS);
    }

    private PasswordHashProvider keycloaksOwn() {
        PasswordHashProvider usual = session.getProvider(PasswordHashProvider.class);
        if (usual != null && !(usual instanceof SynapseBcrypt)) {
            return usual;
        }
        for (String id : KEYCLOAKS_OWN) {
            PasswordHashProvider own = session.getProvider(PasswordHashProvider.class, id);
            if (own != null) {
                return own;
            }
        }
        throw new IllegalStateException(SynapseBcryptFactory.ID + " only checks passwords, and Keycloak has nothing "
                + "else to hash one with: enable argon2 or pbkdf2-sha512");
    }

    @Override
    public void close() {
    }
}
