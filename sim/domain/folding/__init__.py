"""How each kind of fact changes the state, by subject; only ``sim.domain.fold`` applies them."""
