package dev.hubbub.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the process does when it is told to end: the first SIGTERM or Ctrl-C asks, the second one means it.
 *
 * <p>A shutdown hook cannot tell the second from the first. The class behind this is in every JDK, but not in its
 * documented part, so it is found by name; where it is missing the hook has to do.
 */
final class Signals {
    private static final int KILLED = 128;

    private Signals() {}

    /**
     * Calls {@code ask} for the first signal; a second one ends the process at once.
     *
     * @return whether signals can be heard
     */
    static boolean onTerminate(Runnable ask) {
        AtomicBoolean asked = new AtomicBoolean();
        return hear("TERM", 15, asked, ask) && hear("INT", 2, asked, ask);
    }

    private static boolean hear(String name, int number, AtomicBoolean asked, Runnable ask) {
        InvocationHandler heard = (self, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                if (asked.compareAndSet(false, true)) {
                    ask.run();
                } else {
                    Runtime.getRuntime().halt(KILLED + number);
                }
                yield null;
            }
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "the hub's handler of SIG" + name;
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, heard);
            Object one = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            return true;
        } catch (ReflectiveOperationException missing) {
            return false;
        }
    }
}
