package syn2op.keycloak;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.keycloak.common.Version;

/**
 * What `GET /admin/serverinfo` tells administrators: that the provider works here, and of the pepper no more than lets
 * somebody who knows it see whether it is the same. Who does not know it can only try guesses against the proof.
 */
final class OperationalInfo {
    /** As in pom.xml; not from the manifest, which a class loader may keep to itself. */
    private static final String VERSION = "1.2.0";
    private static final int NONCE_BYTES = 16;
    /** What a locale such as C makes of each byte of a character outside ASCII in an environment variable. */
    private static final char REPLACEMENT = '\uFFFD';
    /** A public test value: bcrypt of the letter a. */
    private static final String KNOWN_HASH = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

    private OperationalInfo() {
    }

    static Map<String, String> of(String pepper) {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("version", VERSION);
        // 26.4 and 26.5 themselves tell it to administrators of the realm master only.
        info.put("keycloak", Version.VERSION);
        info.put("selfTest", selfTest() ? "passed" : "failed");
        info.put("pepper", pepper.isEmpty() ? "none" : "set");
        if (!pepper.isEmpty()) {
            info.put("pepperHasReplacementCharacter", Boolean.toString(pepper.indexOf(REPLACEMENT) >= 0));
            prove(pepper, info);
        }
        return Collections.unmodifiableMap(info);
    }

    /** Without bcrypt, as with the FIPS variant of BouncyCastle, every password would just be wrong. */
    private static boolean selfTest() {
        try {
            return SynapseRule.matches("a", "", KNOWN_HASH);
        } catch (LinkageError | RuntimeException noBcrypt) {
            return false;
        }
    }

    /** Adds a nonce of this start and HMAC-SHA256(key: pepper in UTF-8, message: the nonce's bytes), both base64url. */
    private static void prove(String pepper, Map<String, String> info) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pepper.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String proof = encoder.encodeToString(mac.doFinal(nonce));
            info.put("nonce", encoder.encodeToString(nonce));
            info.put("pepperProof", proof);
        } catch (GeneralSecurityException refused) {
            // Left out: a server that refuses a short key still checks passwords.
        }
    }
}
