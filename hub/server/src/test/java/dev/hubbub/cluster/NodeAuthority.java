package dev.hubbub.cluster;

import dev.hubbub.config.ClusterConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority for the nodes of a test, made by the JDK's keytool; its files live as long as the folder. */
final class NodeAuthority {
    private static final String PASSWORD = "only-for-this-test";
    private static final long KEYTOOL_SECONDS = 60;

    private final Path folder;
    private final Path store;
    private final Path certificate;

    private NodeAuthority(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("ca.p12");
        this.certificate = folder.resolve("ca.pem");
    }

    static NodeAuthority in(Path folder) throws Exception {
        NodeAuthority authority = new NodeAuthority(Files.createDirectories(folder));
        authority.pair(authority.store, "ca", "-ext", "bc:c");
        authority.keytool(
                authority.store, "-exportcert", "-rfc", "-alias", "ca", "-file", authority.certificate.toString());
        return authority;
    }

    /** Makes key and certificate of a node, which trusts this authority alone. */
    ClusterConfig.Tls issue(String node) throws Exception {
        Path keys = folder.resolve(node + ".p12");
        Path request = folder.resolve(node + ".csr");
        Path signed = folder.resolve(node + ".pem");
        pair(keys, node);
        keytool(keys, "-certreq", "-alias", node, "-file", request.toString());
        keytool(
                store,
                "-gencert",
                "-rfc",
                "-alias",
                "ca",
                "-validity",
                "2",
                "-infile",
                request.toString(),
                "-outfile",
                signed.toString());
        return new ClusterConfig.Tls(signed, writeKey(keys, node), certificate);
    }

    private void pair(Path keys, String name, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "2"));
        arguments.addAll(List.of(more));
        keytool(keys, arguments.toArray(String[]::new));
    }

    private void keytool(Path keys, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Path said = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS)) {
            keytool.destroyForcibly();
            throw new IOException("keytool did not end: " + arguments[0]);
        }
        if (keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(said));
        }
    }

    private Path writeKey(Path keys, String node) throws IOException, GeneralSecurityException {
        KeyStore opened = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            opened.load(in, PASSWORD.toCharArray());
        }
        String key = Base64.getMimeEncoder()
                .encodeToString(opened.getKey(node, PASSWORD.toCharArray()).getEncoded());
        return Files.writeString(
                folder.resolve(node + "-key.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    }
}
