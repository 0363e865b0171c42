package dev.assay.gradcheck.peer;

import dev.assay.nn.SigmaReparam;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** One training step of a linear layer with spectral normalisation, in its authors' own code. */
class SigmaReparamPeerTest {
  @Test
  void a_training_step_agrees() throws IOException {
    PeerCase peer = PeerCase.of("sigma_reparam_train1", 1e-12);
    SigmaReparam layer =
        new SigmaReparam(
            peer.var("w.weight"), peer.var("w.sigma"), peer.var("w.bias"), peer.tensor("u0"));
    SigmaReparam.Estimate estimate = layer.estimate();
    peer.agrees("u_final", layer.after(estimate).u(), peer.tensor("u_final"));
    peer.agrees(
        "sigma_hat_final",
        estimate.sigma().value().reshape(peer.tensor("sigma_hat_final").shape()),
        peer.tensor("sigma_hat_final"));
    // The tensor spectral_norm_buffer is not compared: it shares memory with the trained scalar.
    peer.agrees(layer.of(peer.var("x"), estimate));
  }
}
