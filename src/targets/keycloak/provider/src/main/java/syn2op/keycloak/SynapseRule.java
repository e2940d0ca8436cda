package syn2op.keycloak;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** How Synapse checks a password: `validate_hash` in synapse/handlers/auth.py, and `checkpw` of Python's bcrypt. */
final class SynapseRule {
    /** Bytes of its input that bcrypt reads; Synapse drops the rest. */
    private static final int READ_BY_BCRYPT = 72;

    /**
     * Characters, as Java counts. Synapse lets nobody set a password of more than 512, but checks any, and normalising takes
     * time with the square of its length where it is all combining marks: seconds for the 128 kB that Keycloak lets through.
     */
    private static final int LONGEST_PASSWORD = 4096;

    /** What Python's bcrypt takes. BouncyCastle takes more, and throws the hash's parts for what it refuses. */
    private static final Pattern HASH = Pattern.compile("\\$2[abxy]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");

    private SynapseRule() {
    }

    /**
     * Whether Synapse would let this password in. False, too, for a hash that is none, for text that is no Unicode, and for
     * what is far longer than any password that Synapse has set.
     */
    static boolean matches(String password, String pepper, String hash) {
        if (password == null || hash == null || !HASH.matcher(hash).matches()) {
            return false;
        }
        if (password.length() > LONGEST_PASSWORD) {
            return false;
        }
        byte[] bytes;
        try {
            bytes = bytesToHash(password, pepper);
        } catch (CharacterCodingException halfOfAPair) {
            return false;
        }
        try {
            return OpenBSDBCrypt.checkPassword(hash, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** NFKC of the password, then the pepper as it stands, in UTF-8, cut in the middle of a character if need be. */
    private static byte[] bytesToHash(String password, String pepper) throws CharacterCodingException {
        String text = Normalizer.normalize(password, Normalizer.Form.NFKC) + pepper;
        // A new encoder refuses a half of a surrogate pair, as Python does; String.getBytes would hash a question mark.
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[Math.min(encoded.remaining(), READ_BY_BCRYPT)];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
