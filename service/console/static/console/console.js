// What the console's pages do by themselves. Nothing here is needed to use them but the keyboard's short cuts.
