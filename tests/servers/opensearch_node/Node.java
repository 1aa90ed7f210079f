import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.Plugin;

/** One OpenSearch node from the class path: {@code Node HOME PLUGIN,... KEY=VALUE...}; ends when its stdin closes. */
public final class Node extends org.opensearch.node.Node {
    private Node(Environment environment, List<Class<? extends Plugin>> plugins) {
        super(environment, plugins, true);
    }

    @Override
    protected void configureNodeAndClusterIdStateListener(ClusterService service) {}

    public static void main(String[] arguments) throws Exception {
        var out = System.out; // the log takes System.out over
        Path home = Path.of(arguments[0]);
        for (String folder : List.of("config", "data", "logs", "modules", "plugins")) {
            Files.createDirectories(home.resolve(folder));
        }
        Settings.Builder settings = Settings.builder().put("path.home", home.toString());
        for (int i = 2; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Environment environment =
                InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), home.resolve("config"), () -> "node");
        LogConfigurator.registerErrorListener();
        LogConfigurator.configure(environment);
        List<Class<? extends Plugin>> plugins = new ArrayList<>();
        for (String name : arguments[1].split(",")) {
            plugins.add(Class.forName(name).asSubclass(Plugin.class));
        }
        Node node = new Node(environment, plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node)));
        node.start();
        out.println("READY");
        out.flush();
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private static void end(Node node) {
        try {
            node.close();
            node.awaitClose(10, TimeUnit.SECONDS);
        } catch (Exception stopping) {
            System.err.println(stopping);
        }
    }
}
