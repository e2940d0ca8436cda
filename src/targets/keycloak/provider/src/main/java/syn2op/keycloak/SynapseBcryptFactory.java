package syn2op.keycloak;

import java.util.Collections;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.credential.hash.PasswordHashProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/** Takes the pepper from Keycloak's configuration, and nowhere else, and publishes what `syn2op check` compares. */
public final class SynapseBcryptFactory implements PasswordHashProviderFactory, ServerInfoAwareProviderFactory {
    static final String ID = "synapse-bcrypt";

    private String pepper = "";
    private Map<String, String> operationalInfo = Collections.emptyMap();

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public void init(Config.Scope config) {
        String configured = config.get("pepper");
        pepper = configured == null ? "" : configured;
        operationalInfo = OperationalInfo.of(pepper);
    }

    @Override
    public PasswordHashProvider create(KeycloakSession session) {
        return new SynapseBcrypt(session, pepper);
    }

    @Override
    public Map<String, String> getOperationalInfo() {
        return operationalInfo;
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
    }

    @Override
    public void close() {
    }
}
