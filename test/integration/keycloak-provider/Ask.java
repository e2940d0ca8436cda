package syn2op.keycloak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Asks the classes in the jar, a line each: `matches PASSWORD PEPPER HASH` or `info PEPPER`, answered by a line. Texts are
 * UTF-16 in hexadecimal behind an x, so that halves of surrogate pairs, too, arrive as they are.
 */
final class Ask {
    private Ask() {
    }

    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            System.out.println(words[0].equals("info")
                    ? OperationalInfo.of(text(words[1]))
                    : SynapseRule.matches(text(words[1]), text(words[2]), text(words[3])));
        }
    }

    private static String text(String word) {
        byte[] bytes = HexFormat.of().parseHex(word, 1, word.length());
        char[] units = new char[bytes.length / 2];
        for (int i = 0; i < units.length; i++) {
            units[i] = (char) ((bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF);
        }
        return new String(units);
    }
}
